export const kinds = ['complaint', 'suggestion', 'fault'] as const
export interface Body { id: string; kind: (typeof kinds)[number]; words: string }
