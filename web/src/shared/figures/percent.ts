/** A share in per cent with one decimal. */
export function percent(share: number): string {
  // 99.96 % is not 100 %: what is not all is never rounded up to all, nor what is something down to nothing.
  const shown = Math.round(share * 1000) / 10
  if (share < 1 && shown === 100) return '99.9%'
  if (share > 0 && shown === 0) return '0.1%'
  return `${shown}%`
}
