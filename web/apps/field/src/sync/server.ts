import type { field } from '@ruhu/api'

/** What the sync needs of the server; tests give it one of their own. */
export type Server = Pick<typeof field, 'pack' | 'form' | 'instance' | 'putFile' | 'submit'>
