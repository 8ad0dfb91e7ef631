// Sends what is in the box, again and again until the server has answered.
import { computed, onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import { api, ApiError, listing, newId, type ListingHousehold, type ListingInput } from '@ruhu/api'
import type { Form } from './form'
import { dropPhoto, keptPhoto } from './photos'
import { boxKey, outcomeOf, ownWay, read, refusalOf, replace, write, type Draft } from './outbox'

const soon = 5_000
const late = 120_000

export interface Outbox {
  box: Ref<Draft[]>
  /** Answers that wait for a network. */
  waiting: Ref<number>
  sending: Ref<boolean>
  /** False when this device could not keep the box. */
  kept: Ref<boolean>
  put: (name: string, input: ListingInput, form?: Form) => void
  drop: (household: string, keepPhotos?: boolean) => void
  /** Sends a refused answer again, about the household as it stands now. */
  again: (household: string, h: ListingHousehold) => void
  send: () => Promise<void>
}

export function useOutbox(
  o: { account: string; campaign: string; village: string; late: () => boolean },
  on: { sent: (h: ListingHousehold) => void; reload: () => Promise<ListingHousehold[]> },
): Outbox {
  const key = boxKey(o.account, o.campaign, o.village)
  const box = shallowRef<Draft[]>(read<Draft[]>(key) ?? [])
  const sending = ref(false)
  const kept = ref(true)
  const waiting = computed(() => box.value.filter((d) => !d.refused).length)
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = soon

  function set(next: Draft[]) {
    box.value = next
    kept.value = write(key, next.length > 0 ? next : undefined)
  }
  const change = (d: Draft, by: Partial<Draft>) =>
    set(box.value.map((x) => (x.proposal === d.proposal ? { ...x, ...by } : x)))

  async function one(d: Draft): Promise<void> {
    for (const digest of d.input.files ?? []) {
      const photo = await keptPhoto(digest)
      if (photo) await api.files.put(digest, photo)
    }
    const h = await listing.propose(o.campaign, o.village, d.proposal, d.input, o.late())
    set(box.value.filter((x) => x.proposal !== d.proposal))
    for (const digest of d.input.files ?? []) await dropPhoto(digest)
    on.sent(h)
  }

  /** The list as it stands, when somebody was faster. Answers true when it was ourselves. */
  async function overtaken(d: Draft): Promise<boolean> {
    const h = (await on.reload()).find((x) => x.id === d.household)
    if (!h || !ownWay(d, h.proposal?.id)) return false
    change(d, { input: { ...d.input, version: h.version, seen: h.seen }, before: [] })
    return true
  }

  async function send(): Promise<void> {
    if (sending.value) return
    clearTimeout(timer)
    sending.value = true
    try {
      for (let d = next(); d; d = next()) {
        try {
          await one(d)
          pause = soon
        } catch (e) {
          if (outcomeOf(e) === 'later') break
          const own = d.before.length > 0 && (await overtaken(d).catch(() => false))
          if (!own && e instanceof ApiError) {
            change(d, { refused: refusalOf(e) })
            if (e.status === 409) await on.reload().catch(() => undefined)
          }
        }
      }
    } finally {
      sending.value = false
    }
    if (next()) {
      timer = setTimeout(() => void send(), pause)
      pause = Math.min(late, pause * 2)
    }
  }
  const next = () => box.value.find((d) => !d.refused)

  function put(name: string, input: ListingInput, form?: Form) {
    set(replace(box.value, { proposal: newId(), household: input.household_id, name, input, form }))
    void send()
  }
  function drop(household: string, keepPhotos = false) {
    const gone = box.value.find((d) => d.household === household)
    set(box.value.filter((d) => d !== gone))
    if (!keepPhotos) for (const digest of gone?.input.files ?? []) void dropPhoto(digest)
  }
  function again(household: string, h: ListingHousehold) {
    const d = box.value.find((x) => x.household === household)
    if (d) put(d.name, { ...d.input, version: h.version, seen: h.seen }, d.form)
  }
  const online = () => {
    pause = soon
    void send()
  }
  window.addEventListener('online', online)
  onScopeDispose(() => {
    clearTimeout(timer)
    window.removeEventListener('online', online)
  })
  void send()
  return { box, waiting, sending, kept, put, drop, again, send }
}
