/** The clock on the wall of the city at a moment. */
export function clockOf(at: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(at))
}

/** The day with its weekday, as the language writes it. */
export function dayOf(at: string, zone: string, language: string): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { month: 'short', day: 'numeric', weekday: 'short', timeZone: zone }).format(new Date(at))
}

/** Metres up to a kilometre, then kilometres with one place. */
export function distanceOf(metres: number, t: (key: string, values: Record<string, unknown>) => string): string {
  return metres < 1000 ? t('serve.metres', { n: Math.max(10, Math.round(metres / 10) * 10) }) : t('serve.kilometres', { n: (metres / 1000).toFixed(1) })
}
