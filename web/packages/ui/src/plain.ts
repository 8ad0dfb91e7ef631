export * from './plain/format'
export * from './plain/language'
