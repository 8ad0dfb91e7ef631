export * from './client'
export * from './id'
export type * from './types'
