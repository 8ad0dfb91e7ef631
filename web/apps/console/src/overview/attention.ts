import type { Progress } from '@ruhu/api'

/** Villages with something overdue or waiting to be mended, the worst first. It is no ranking: a village without either is not in it. */
export function attention(p: Progress): Progress['villages'] {
  return p.villages
    .filter((v) => v.problems_overdue > 0 || v.returned > 0)
    .sort((a, b) => b.problems_overdue - a.problems_overdue || b.returned - a.returned || (a.code < b.code ? -1 : 1))
}
