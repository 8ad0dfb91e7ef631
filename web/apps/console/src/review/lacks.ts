import type { Area } from '@ruhu/api'

/** What may be missing in a village, in the order of the work. */
export const lacks: (keyof Area['lack'])[] = ['visits', 'forms', 'errors', 'warnings', 'queries', 'threads']
