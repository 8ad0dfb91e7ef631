// Differences that stay: the specification or the clients in the field decide otherwise than the peer. Each entry has a
// paragraph of the same name in docs/differential.md.

/** `ends`: what follows from the difference cannot be told from it, so the rest of the case is not compared. */
const rules = [
  {
    name: 'unseen instances',
    // A repeat that is not relevant on either side: how many instances it holds shows nowhere.
    when: (d) => d.field === 'exists' && d.step !== 'restore' && !d.node.relevant,
  },
  {
    name: 'unseen instances',
    // In a record that is opened again they are there or not; what is counted over them differs.
    when: (d) => d.field === 'exists' && d.step === 'restore' && !d.node.relevant,
    ends: true,
  },
  {
    name: 'unseen instances',
    when: (d) =>
      d.field === 'rejected' && /no question at|unknown_ref/.test(d.ours + d.theirs) && d.node && !d.node.relevant,
    ends: true,
  },
  {
    name: 'adding in a read-only repeat',
    when: (d) => d.field === 'rejected' && d.ours.startsWith('xform.readonly'),
    ends: true,
  },
  {
    name: 'a count that is no whole number',
    when: (d, kase) =>
      /Invalid array length/.test(d.theirs) ||
      (d.field === 'count' && !/^\d*(\.0)?$/.test(counted(d, kase)?.value ?? '')),
    ends: true,
  },
  {
    name: 'a count that is not asked',
    when: (d, kase) => d.field === 'count' && counted(d, kase)?.relevant === false,
    ends: true,
  },
  {
    name: 'a blank count in a saved record',
    when: (d) =>
      d.step === 'restore' && d.field === 'count' && d.theirs === 0 && d.node.type === 'repeat-range:controlled',
    ends: true,
  },
  {
    name: 'a changed calculation',
    // The value of a question that is both calculated and open to changes.
    when: (d, kase) => d.field === 'value' && open(kase.form.items, d.key.split('/').at(-1)),
    ends: true,
  },
]

const item = (items, name) => {
  for (const i of items) {
    const found = i.name === name ? i : item(i.items ?? [], name)
    if (found) return found
  }
  return undefined
}

/** The question that sets the number of a repeat. */
const counted = (d, kase) => d.state?.get(item(kase.form.items, d.node.ref.split('/').at(-1))?.count)

const open = (items, name) =>
  items.some((i) => (i.name === name && i.kind === 'input' && i.calculate && !i.readonly) || open(i.items ?? [], name))

/** The rule that explains a difference of a case; undefined when it is not known. */
export const decided = (d, kase) => rules.find((r) => r.when(d, kase))
