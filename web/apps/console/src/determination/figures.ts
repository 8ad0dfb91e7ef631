// How figures of determinations and rates are written.

/** An amount with at most two decimals, in groups of three. */
export function amount(x: number, locale: string): string {
  return x.toLocaleString(locale, { maximumFractionDigits: 2 })
}

/** A share in percent, with so many decimals that it can't contradict the verdict on its limit. */
export function share(x: number, limit?: number): string {
  for (let digits = 2; ; digits++) {
    const text = (100 * x).toFixed(digits)
    if (digits >= 6 || limit === undefined || x === limit || Number(text) !== 100 * limit) return `${text} %`
  }
}
