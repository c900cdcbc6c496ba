import type { Shift } from '@/api/desk'
import { localOf } from '@/shared/time/zoned'

type Stretch = Pick<Shift, 'begins' | 'ends'>

/** "11/24 08:30–20:30", with the day of the end where it is another. */
export function spanWords(shift: Stretch, zone: string): string {
  const [from, to] = [localOf(shift.begins, zone), localOf(shift.ends, zone)]
  const day = (iso: string) => `${Number(iso.slice(5, 7))}/${Number(iso.slice(8))}`
  return `${day(from.day)} ${from.time}–${from.day === to.day ? '' : `${day(to.day)} `}${to.time}`
}

/** Who has the shift as things stand: whoever stands in for the whole of it, else who was written. */
export function holderOf(shift: Shift): { id: string; name: string } {
  const whole = shift.stands.find((one) => Date.parse(one.begins) <= Date.parse(shift.begins) && Date.parse(one.ends) >= Date.parse(shift.ends))
  return (whole ?? shift).account
}
