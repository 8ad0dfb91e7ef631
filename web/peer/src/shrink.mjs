// Makes a case small: takes steps out, then questions, then their attributes, as long as the same field differs, live or in
// the submission as before.

/** Every way to take one thing out of a list of items, as new lists; depth first, big things first. */
function* smaller(items) {
  for (let i = 0; i < items.length; i++) {
    const rest = [...items.slice(0, i), ...items.slice(i + 1)]
    yield rest
    const it = items[i]
    const put = (x) => [...items.slice(0, i), x, ...items.slice(i + 1)]
    for (const k of [
      'relevant',
      'required',
      'readonly',
      'constraint',
      'calculate',
      'default',
      'filter',
      'count',
      'output',
    ])
      if (it[k]) yield put({ ...it, [k]: '' })
    if (it.items) {
      if (it.kind === 'group') yield [...items.slice(0, i), ...it.items, ...items.slice(i + 1)]
      for (const inner of smaller(it.items)) yield put({ ...it, items: inner })
    }
  }
}

/**
 * differs(case) gives the difference or undefined, also when the form no longer loads. Bounded by `tries`: what comes out is
 * small, not the smallest.
 */
export async function shrink(kase, differs, tries = 400) {
  let best = kase
  const sort = (d) => d && `${typeof d.step} ${d.field}`
  const wanted = sort(await differs(kase))
  const attempt = async (c) => {
    if (tries-- <= 0) return false
    const d = await differs(c)
    if (sort(d) !== wanted) return false
    best = c
    return true
  }
  for (
    let size = Math.ceil(best.plan.steps.length / 2);
    size >= 1 && tries > 0;
    size = size > 1 ? Math.ceil(size / 2) : 0
  )
    for (let i = best.plan.steps.length - size; i >= 0; i -= size) {
      const steps = best.plan.steps.toSpliced(i, size)
      await attempt({ ...best, plan: { ...best.plan, steps } })
    }
  const used = JSON.stringify(best.form.items)
  await attempt({
    ...best,
    form: { ...best.form, lists: best.form.lists?.filter((l) => used.includes(`"${l.name}"`)) },
  })
  for (let again = true; again && tries > 0;) {
    again = false
    for (const items of smaller(best.form.items)) {
      if (tries <= 0) break
      if (await attempt({ ...best, form: { ...best.form, items } })) {
        again = true
        break
      }
    }
  }
  return best
}
