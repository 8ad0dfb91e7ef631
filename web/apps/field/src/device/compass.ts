/** Android's browsers tell the direction against north without being asked for leave; others need a permission, or tell none. */
export const hasCompass = (): boolean => 'ondeviceorientationabsolute' in globalThis

/** Where the top of the phone points: degrees from north, clockwise. Rejects when the phone says nothing for so long. */
export function heading(timeout = 4000): Promise<number> {
  return new Promise((done, fail) => {
    const end = (): void => {
      clearTimeout(timer)
      removeEventListener('deviceorientationabsolute', hear)
    }
    const hear = (e: Event): void => {
      const { alpha } = e as DeviceOrientationEvent
      if (alpha === null) return
      end()
      done(bearingOf(alpha))
    }
    const timer = setTimeout(() => {
      end()
      fail(new Error('no compass'))
    }, timeout)
    addEventListener('deviceorientationabsolute', hear)
  })
}

/** Browsers count against the clock. */
export const bearingOf = (alpha: number): number => (Math.round((((360 - alpha) % 360) + 360) * 10) % 3600) / 10
