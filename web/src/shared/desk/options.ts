export interface Option { value: string; label: string; hint?: string }

/** Those whose words hold every part of what was typed, in their order. */
export function narrow(options: readonly Option[], words: string, most = 60): Option[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (option: Option) => {
    const text = `${option.label} ${option.hint ?? ''} ${option.value}`.toLowerCase()
    return parts.every((part) => text.includes(part))
  }
  return (parts.length ? options.filter(fits) : [...options]).slice(0, most)
}
