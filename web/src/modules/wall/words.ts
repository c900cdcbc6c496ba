import lookEn from '@/shared/video/messages.en'
import lookZh from '@/shared/video/messages.zh'

import en from './messages.en'
import zh from './messages.zh'

export default { zh: { ...zh, ...lookZh }, en: { ...en, ...lookEn } }
