const two = (n: number): string => String(n).padStart(2, '0')

/** hh:mm on the phone's clock; with month and day when it was not today. */
export function clock(at: number | string, now = new Date()): string {
  const d = new Date(at)
  if (Number.isNaN(d.getTime())) return ''
  const hm = `${two(d.getHours())}:${two(d.getMinutes())}`
  return d.toDateString() === now.toDateString() ? hm : `${d.getMonth() + 1}-${d.getDate()} ${hm}`
}

/** Today as 2026-03-04 on the phone's clock. */
export function today(now = new Date()): string {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
