export interface Part {
  text: string
  same: boolean
}

/** Cuts `a` into parts that stand in `b`, in order, and parts that do not: by character, along the longest common subsequence. */
export function differ(a: string, b: string): Part[] {
  const x = [...a]
  const y = [...b]
  const w = y.length + 1
  const length = new Array<number>((x.length + 1) * w).fill(0)
  const at = (i: number, j: number) => length[i * w + j] ?? 0
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      length[i * w + j] = x[i] === y[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const parts: Part[] = []
  const push = (text: string, same: boolean) => {
    const last = parts[parts.length - 1]
    if (last && last.same === same) last.text += text
    else parts.push({ text, same })
  }
  let j = 0
  x.forEach((c, i) => {
    while (j < y.length && c !== y[j] && at(i, j + 1) > at(i + 1, j)) j++
    const same = j < y.length && c === y[j]
    if (same) j++
    push(c, same)
  })
  return parts
}
