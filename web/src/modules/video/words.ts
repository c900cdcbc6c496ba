import sharedEn from '@/shared/video/messages.en'
import sharedZh from '@/shared/video/messages.zh'

import en from './messages.en'
import zh from './messages.zh'

export default { zh: { ...zh, ...sharedZh }, en: { ...en, ...sharedEn } }
