import en from './messages.en'
import zh from './messages.zh'

/** The words of a result, brought along by the pages that show one. */
export default { zh, en }
