/** What a row may show; the person chooses. */
export const fields = ['photo', 'state', 'type', 'place', 'due', 'number', 'channel', 'kind', 'received', 'holder'] as const
export type Field = (typeof fields)[number]
export const usual: Field[] = ['photo', 'state', 'type', 'place', 'due']
