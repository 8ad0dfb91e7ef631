// Evidence that was photographed but not sent yet. It is kept in the browser's database, because pictures are too large for its
// local storage; where there is none, they live as long as the page.
const memory = new Map<string, Blob>()
let opened: Promise<IDBDatabase | null> | undefined

function open(): Promise<IDBDatabase | null> {
  opened ??= new Promise((done) => {
    try {
      const request = indexedDB.open('ruhu-listing', 1)
      request.onupgradeneeded = () => request.result.createObjectStore('photo')
      request.onsuccess = () => done(request.result)
      request.onerror = () => done(null)
    } catch {
      done(null)
    }
  })
  return opened
}

async function store<T>(mode: IDBTransactionMode, ask: (s: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const db = await open()
  if (!db) return undefined
  return new Promise((done) => {
    const transaction = db.transaction('photo', mode)
    const request = ask(transaction.objectStore('photo'))
    transaction.oncomplete = () => done(request.result)
    transaction.onerror = transaction.onabort = () => done(undefined)
  })
}

export async function keepPhoto(digest: string, photo: Blob): Promise<void> {
  memory.set(digest, photo)
  await store('readwrite', (s) => s.put(photo, digest))
}

export async function keptPhoto(digest: string): Promise<Blob | undefined> {
  return (
    memory.get(digest) ??
    (await store<Blob | undefined>('readonly', (s) => s.get(digest) as IDBRequest<Blob | undefined>))
  )
}

export async function dropPhoto(digest: string): Promise<void> {
  memory.delete(digest)
  await store('readwrite', (s) => s.delete(digest))
}
