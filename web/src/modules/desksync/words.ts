import shared from '@/shared/conflicts/words'

import en from './messages.en'
import zh from './messages.zh'

export default { zh: { ...zh, ...shared.zh }, en: { ...en, ...shared.en } }
