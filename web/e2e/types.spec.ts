// Kinds of questions that few forms have: filmed, spoken, drawn on, tagged. Filled in on a phone without a network, in normal and in huge
// type, in both languages; handed in; played and read by the reviewer.
import type { Browser } from 'playwright-core'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { Client } from './harness/api'
import { launch, open, PHONE, pretended } from './harness/browser'
import { Desk } from './harness/desk'
import { faults, settle, shoot } from './harness/look'
import { HOUSEHOLDS } from './harness/people'
import { Phone } from './harness/phone'
import { png } from './harness/picture'
import { fillPlainly } from './harness/questionnaire'
import { count, hook, is, shows } from './harness/see'
import { serve, type Server } from './harness/server'
import { story } from './harness/story'
import { begin, PINS } from './harness/township'

const code = HOUSEHOLDS[0]?.code ?? ''
const MORE = `
### 更多题型 / More kinds of questions

| type | name | label::中文 (zh) | label::English (en) | appearance | parameters |
|---|---|---|---|---|---|
| begin group | g_more | 现场情况 | What is seen | field-list | |
| integer | acre | 流转土地租金合计（元） | Rent of the land let, in all | thousands-sep | |
| range | often | 多久下地一次 | How often in the field | | start=0 end=10 step=1 tick_interval=5 tick_labelset=often |
| select_one yn | bare | 门口是否硬化 | Is the way to the door paved? | columns-2 no-buttons | |
| image | crack | 墙体裂缝（在照片上标出） | Cracks in the wall, marked on the picture | annotate | |
| audio | spoken | 事先录好的口述 | Spoken beforehand | | quality=external |
| audio | told | 口述 | Told | | |
| video | film | 院落一圈 | Round the yard | | |
| osm house | where | 这座房屋 | This house | | |
| geopoint | stone | 界桩位置 | Where the boundary stone stands | | warning-accuracy=20 |
| end group | | | | | |

| type | name | label::中文 (zh) | label::English (en) | appearance | required | relevant | bind::ruhu:prefill | bind::ruhu:pii |
|---|---|---|---|---|---|---|---|---|
| begin group | g_people | 家庭成员 | Members of the household | field-list | | | | |
| begin repeat | people | 成员 | Members | | | | | |
| text | m_name | 姓名 | Name | | yes | | member.name | name |
| text | m_relation | 与户主关系 | Relation to the head | | | | member.relation | |
| select_one member_state | m_state | 现况 | Now | member-state | | | | |
| text | m_why | 何时、为什么 | When and why | | yes | \${m_state} = 'moved' or \${m_state} = 'died' | | |
| end repeat | | | | | | | | |
| end group | | | | | | | | |

| type | name |
|---|---|
`
const SHEETS = `
## osm

| list_name | name | label::中文 (zh) | label::English (en) |
|---|---|---|---|
| house | building | 用途 | Use |
| house | name | 名称 | Name |
| building | house | 住房 | House |
| building | ruins | 无人居住 | Nobody lives there |
`

let server: Server
let browser: Browser
let phone: Phone
const step = story(() => ({ browser, server }))
const wrong: string[] = []
async function look(name: string): Promise<void> {
  await settle(phone.page)
  await shoot(phone.page, `field-types-${name}`)
  for (const f of await faults(phone.page)) wrong.push(`${name}: ${f}`)
}

beforeAll(async () => {
  server = await serve()
  const campaign = await begin(server.url)
  const old = await readFile(join(import.meta.dirname, '../../playbooks/huitoukan/forms/registered.md'), 'utf8')
  const text = old
    .replace('| 2020040303 |', '| 2020040304 |')
    .replace(/(\| type \| name \|\n\|---\|---\|\n)(?=\| start \|)/, `${MORE.trimStart()}`)
    .replace('## choices\n', `${SHEETS.trimStart()}\n## choices\n`)
    .replace(
      '| yn | 1 | 是 | Yes |',
      '| member_state | here | 常住 | Lives here |\n| member_state | moved | 迁出 | Moved out |\n| member_state | died | 去世 | Died |\n| often | 0 | 从不 | Never |\n| often | 5 | 有时 | Sometimes |\n| often | 10 | 总是 | Always |\n| yn | 1 | 是 | Yes |',
    )
  const office = await Client.login(server.url, 'office')
  const at = `/campaigns/${campaign}/forms/registered`
  const upload = { name: 'a.md', source: Buffer.from(text).toString('base64') }
  const { base, mistakes } = await office.ok<{ base: string; mistakes: unknown[] }>('POST', `${at}/check`, upload)
  expect(mistakes).toEqual([])
  await office.ok('POST', `${at}/versions`, { ...upload, base, reason: '补充现场情况' })
  browser = await launch(...pretended())
  const prepared = await open(browser, {
    ...PHONE,
    viewport: { width: 360, height: 740 },
    permissions: ['geolocation'],
    geolocation: { latitude: 29.1234, longitude: 109.4321, accuracy: 35 },
  })
  phone = await Phone.in(prepared, server.url)
  await phone.login('diaocha1')
  await phone.enterPin(PINS.diaocha1)
  await phone.installed()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

/** Gives a file input a second of sound or film, made in the page. */
async function record(input: string, kind: 'audio' | 'video'): Promise<void> {
  await phone.page.evaluate(
    async ([test, what]) => {
      let stream: MediaStream
      if (what === 'video') {
        const canvas = document.createElement('canvas')
        canvas.width = canvas.height = 160
        const pen = canvas.getContext('2d')
        let n = 0
        setInterval(() => {
          if (!pen) return
          pen.fillStyle = `hsl(${(n += 20)} 60% 50%)`
          pen.fillRect(0, 0, 160, 160)
        }, 50)
        stream = canvas.captureStream(20)
      } else {
        const sound = new AudioContext()
        const out = sound.createMediaStreamDestination()
        const tone = sound.createOscillator()
        tone.connect(out)
        tone.start()
        stream = out.stream
      }
      const recorder = new MediaRecorder(stream)
      const parts: Blob[] = []
      recorder.ondataavailable = (e) => void parts.push(e.data)
      const ended = new Promise((done) => (recorder.onstop = done))
      recorder.start(100)
      while (parts.length < 6) await new Promise((done) => setTimeout(done, 50))
      recorder.stop()
      await ended
      const files = new DataTransfer()
      files.items.add(new File(parts, `a.${what}`, { type: `${what}/webm` }))
      const at = document.querySelector<HTMLInputElement>(`[data-name="${test}"] input[type="file"]`)
      if (!at) throw new Error(`no file input in ${test}`)
      at.files = files.files
      at.dispatchEvent(new Event('change'))
    },
    [input, kind] as const,
  )
}

step('a form with other kinds of questions is filled in without a network', async () => {
  await phone.at('household').first().waitFor()
  await phone.at('sync').tap()
  await phone.openHousehold(code)
  await phone.online(false)
  await phone.at('open-form').tap()
  await phone.onPage('g_more')
  await look('blank')
  await hook(phone.question('acre'), 'answer').fill('１２３４５６')
  await hook(phone.question('acre'), 'answer').blur()
  expect(await hook(phone.question('acre'), 'answer').inputValue()).toBe('123,456')
  for (let n = 0; n < 6; n++) await hook(phone.question('often'), 'range-more').tap()
  await shows(hook(phone.question('often'), 'range-value'), '有时')
  await phone.answer('bare', '1')
  await phone.question('often').scrollIntoViewIfNeeded()
  await look('range')

  const crack = phone.question('crack')
  await hook(crack, 'photo-file').setInputFiles({
    name: 'a',
    mimeType: 'image/png',
    buffer: png(800, 600, [150, 140, 120]),
  })
  await expect.poll(() => hook(crack, 'photo').getAttribute('data-file')).toMatch(/\.jpg$/)
  const before = await hook(crack, 'photo').getAttribute('data-file')
  await hook(crack, 'marks-start').tap()
  const pad = hook(crack, 'marks-pad')
  await expect.poll(() => pad.evaluate((c: HTMLCanvasElement) => c.height > 150)).toBe(true)
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (!box) throw new Error('nothing to draw on')
  await phone.page.mouse.move(box.x + 40, box.y + 40)
  await phone.page.mouse.down()
  await phone.page.mouse.move(box.x + 200, box.y + 120, { steps: 8 })
  await phone.page.mouse.up()
  await look('marks')
  await hook(crack, 'marks-keep').tap()
  await expect.poll(() => hook(crack, 'photo').getAttribute('data-file')).not.toBe(before)

  const told = phone.question('told')
  await hook(told, 'voice-start').tap()
  await hook(told, 'voice-trouble').waitFor() // nobody may listen yet, and the form goes on
  await phone.context.grantPermissions(['geolocation', 'microphone'], { origin: server.url })
  await hook(told, 'voice-start').tap()
  await is(hook(told, 'voice'), 'data-running', 'true')
  await look('voice')
  // A page that is left keeps what was said so far.
  await phone.next()
  await phone.onPage('g_people')
  await phone.at('previous').tap()
  await phone.onPage('g_more')
  await expect.poll(() => hook(told, 'voice').getAttribute('data-file')).toMatch(/\.weba$/)
  await record('spoken', 'audio')
  await expect.poll(() => hook(phone.question('spoken'), 'file').getAttribute('data-file')).toMatch(/\.weba$/)
  await record('film', 'video')
  await expect.poll(() => hook(phone.question('film'), 'video').getAttribute('data-file')).toMatch(/\.webm$/)
  await phone.question('film').scrollIntoViewIfNeeded()
  await look('film')

  const where = phone.question('where')
  await where.locator('[data-key="building"] [data-test="osm-value"]').selectOption('house')
  await where.locator('[data-key="name"] [data-test="osm-value"]').fill('老屋 <东厢>')
  await hook(where, 'osm-take').tap()
  await hook(where, 'osm-at').waitFor()
  await expect.poll(() => hook(where, 'osm').getAttribute('data-file')).toMatch(/\.osm$/)
  await where.scrollIntoViewIfNeeded()
  await look('osm')
  await hook(phone.question('stone'), 'position-take').tap()
  await hook(phone.question('stone'), 'position-poor').waitFor()
  await hook(phone.question('stone'), 'position-poor').scrollIntoViewIfNeeded()
  await look('poor')
  await phone.saved()
})

step('the members stand in a table: one has moved, one has died, a child was born', async () => {
  await phone.next()
  await phone.onPage('g_people')
  const member = (n: number) => phone.page.locator(`[data-test="member"][data-row="${n}"]`)
  await count(phone.at('member'), 3)
  await look('members')
  for (const [n, state, why] of [
    [2, 'moved', '2026年3月随女儿迁往县城，户口已转'],
    [3, 'died', '去年冬天病故'],
  ] as const) {
    await hook(member(n), 'member-open').tap()
    await count(hook(member(n), 'repeat-remove'), 0)
    await hook(member(n), 'member-mark')
      .and(phone.page.locator(`[data-value="${state}"]`))
      .tap()
    await hook(member(n).locator('[data-name="m_why"]'), 'answer').fill(why)
    await hook(member(n), 'member-open').tap()
    await shows(hook(member(n), 'member-state'), state === 'moved' ? '迁出' : '去世')
  }
  await phone.at('repeat-add').tap()
  await hook(member(4).locator('[data-name="m_name"]'), 'answer').fill('欧阳小满')
  await hook(member(4).locator('[data-name="m_relation"]'), 'answer').fill('之孙女')
  await look('members-new')
  await phone.next()
  await phone.onPage('g_household')
  await phone.at('previous').tap()
  await count(phone.at('member'), 4)
  await phone.at('previous').tap()
  await phone.onPage('g_more')
})

step('it reads as well in huge type, high contrast and English, and keeps its answers', async () => {
  await phone.at('contents').tap()
  await phone.at('view-type-huge').tap()
  await phone.at('view-contrast').tap()
  await phone.page.locator('[data-test="index-row"][data-page$="/g_more"]').tap()
  await phone.onPage('g_more')
  for (const name of ['acre', 'often', 'crack', 'film', 'where', 'stone']) {
    await phone.question(name).evaluate((e) => e.scrollIntoView(true))
    await look(`${name}-huge`)
  }
  expect(await phone.question('where').locator('[data-key="name"] [data-test="osm-value"]').inputValue()).toBe(
    '老屋 <东厢>',
  )
  await phone.next()
  await phone.onPage('g_people')
  await phone.at('member-open').first().tap()
  await look('members-huge')
  await phone.at('contents').tap()
  await phone.at('view-type-normal').tap()
  await phone.at('view-contrast').tap()
  await phone.page.locator('[data-test="index-row"][data-page$="/g_more"]').tap()
  await phone.onPage('g_more')
  await phone.at('leave').tap()
  await phone.at('back').tap()
  await phone.at('to-me').tap()
  await phone.at('language').tap()
  await phone.at('back').tap()
  await phone.openHousehold(code)
  await phone.at('open-form').tap()
  await phone.onPage('g_more')
  for (const name of ['often', 'film', 'where']) {
    await phone.question(name).evaluate((e) => e.scrollIntoView(true))
    await look(`${name}-en`)
  }
  await phone.at('leave').tap()
  await phone.at('back').tap()
  await phone.at('to-me').tap()
  await phone.at('language').tap()
  await phone.at('back').tap()
  expect(wrong).toEqual([])
})

step('it is handed in with its files', async () => {
  await phone.openHousehold(code)
  await phone.at('open-form').tap()
  await phone.onPage('g_more')
  await phone.next()
  await phone.next()
  await fillPlainly(phone, PINS.diaocha2)
  await phone.at('visit-guide').fill('村会计')
  await phone.at('finish').tap()
  await phone.online(true)
  await phone.receiptOf(1)
})

step('the reviewer plays, sees and reads them', async () => {
  const desk = await Desk.login(browser, server.url, 'fuhe')
  await desk.openForm('欧阳建国')
  const answer = (name: string) => desk.page.locator(`[data-test="answer"][data-ref$="/${name}"]`)
  await is(desk.at('submission-state'), 'data-state', 'review')
  await expect
    .poll(async () => {
      await desk.page.reload()
      await answer('where').waitFor()
      return desk.at('answer-missing').count()
    })
    .toBe(0)
  await shows(hook(answer('where'), 'answer-osm'), /building\s*house[\s\S]*老屋 <东厢>[\s\S]*29\.1234, 109\.4321/)
  for (const [name, test] of [
    ['spoken', 'answer-audio'],
    ['told', 'answer-audio'],
    ['film', 'answer-video'],
  ] as const) {
    const played = await hook(answer(name), test).evaluate(async (m: HTMLMediaElement) => {
      m.muted = true
      await m.play()
      return m.error === null && m.readyState >= 2
    })
    expect(played, name).toBe(true)
    await hook(answer(name), 'answer-download').waitFor()
  }
  await hook(answer('crack'), 'answer-image').waitFor()
  await shows(answer('people[2]/m_state'), '迁出')
  await shows(answer('people[2]/m_why'), '户口已转')
  await shows(answer('people[3]/m_state'), '去世')
  await shows(answer('people[4]/m_name'), '欧阳小满')
  await answer('film').scrollIntoViewIfNeeded()
  await settle(desk.page)
  await shoot(desk.page, 'review-files')
  const barriers = await faults(desk.page)
  expect([...barriers, ...desk.complaints.list]).toEqual([])
})
