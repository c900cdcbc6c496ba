import result from '@/shared/studies/words'

import en from './messages.en'
import zh from './messages.zh'

export default { zh: { ...zh, ...result.zh }, en: { ...en, ...result.en } }
