/** Minutes east of UTC of an IANA zone at a moment; undefined when the zone is not known here. */
export function offsetOf(zone: string, at: Date): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(at)
    const n = (type: string): number => Number(parts.find((p) => p.type === type)?.value)
    const local = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second'))
    return Math.round((local - at.getTime()) / 60000)
  } catch {
    return undefined
  }
}
