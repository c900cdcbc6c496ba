/** The moment at which the city's clock shows what a date-and-time field says. */
export function localToIso(field: string, zone: string): string {
  const plain = Date.parse(`${field}:00Z`)
  return new Date(plain - ahead(plain - ahead(plain, zone), zone)).toISOString()
}

function ahead(at: number, zone: string): number {
  const found = Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(at).map(({ type, value }) => [type, Number(value)])) as Record<string, number>
  return Date.UTC(found.year!, found.month! - 1, found.day, found.hour, found.minute) - Math.floor(at / 60_000) * 60_000
}
