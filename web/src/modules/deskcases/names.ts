type Say = (key: string) => string
type Knows = (key: string) => boolean

/** A queue's words; a code that this version does not know shows as it is. */
export function queueName(code: string, t: Say, te: Knows): string {
  return te(`deskcases.queue.${code}`) ? t(`deskcases.queue.${code}`) : code
}
