import { api, unwrap } from '@/api/client'

/** Exchanges the code for a session of this phone. */
export const enter = (phone: string, code: string) =>
  unwrap(api.POST('/api/v1/public/mine/session', { body: { phone: phone.replace(/\D/g, ''), code: code.trim() } }))
