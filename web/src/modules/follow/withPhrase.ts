/** The sentence with the phrase added at its end, or without it when it was there; all other words stay. */
export function withPhrase(text: string, phrase: string, between: string): string {
  const parts = text.split(/[\uff0c,]\s*/).map((part) => part.trim()).filter(Boolean)
  return (parts.includes(phrase) ? parts.filter((part) => part !== phrase) : [...parts, phrase]).join(between)
}
