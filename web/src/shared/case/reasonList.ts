/** The list from which the reason of a step was chosen. */
const ofStep: Record<string, string> = { decline: 'decline_reasons', propose_decline: 'decline_reasons', approve_decline: 'decline_reasons', not_here: 'not_here_reasons', return: 'return_reasons', extend: 'extension_reasons', withdraw_for: 'withdraw_reasons', question: 'unreasonable_reasons', rule_unreasonable: 'unreasonable_reasons', ask_pause: 'pause_reasons', ask_suspension: 'suspension_reasons' }
export const reasonList = (action: string): string => ofStep[action] ?? `${action}_reasons`

/** The list from which the reason of a request was chosen. */
const ofRequest: Record<string, string> = { objection: 'return_reasons', refusal: 'decline_reasons' }
export const reasonOf = (kind: string): string => ofRequest[kind] ?? `${kind}_reasons`
