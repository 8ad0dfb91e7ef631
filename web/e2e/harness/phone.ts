import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { kill, open, PHONE, type Complaints } from './browser'
import { faults } from './look'
import { hook, is, shows } from './see'
import { PASSWORD } from './server'
import { PINS } from './township'

/** An answer: option codes for choices, text or numbers for the rest. */
export type Answer = string | string[]

/** An enumerator's phone. */
export class Phone {
  /** Opens the phone, once it was set or entered here. */
  private pin = ''

  constructor(
    public page: Page,
    readonly context: BrowserContext,
    readonly complaints: Complaints,
    readonly base: string,
  ) {}

  static async take(browser: Browser, base: string, options: BrowserContextOptions = PHONE): Promise<Phone> {
    return Phone.in(await open(browser, options), base)
  }

  /** A phone in a context that a test has prepared. */
  static async in(prepared: { context: BrowserContext; complaints: Complaints }, base: string): Promise<Phone> {
    const page = await prepared.context.newPage()
    await page.goto(base + '/field/')
    return new Phone(page, prepared.context, prepared.complaints, base)
  }

  /** A phone whose owner has logged in and set to work: it opens without a network from here on. */
  static async atWork(browser: Browser, base: string, options: BrowserContextOptions = PHONE): Promise<Phone> {
    const phone = await Phone.take(browser, base, options)
    await phone.login('diaocha1')
    await phone.enterPin(PINS.diaocha1)
    await phone.installed()
    return phone
  }

  at(name: string): Locator {
    return hook(this.page, name)
  }

  async login(account: string, password = PASSWORD): Promise<void> {
    await this.at('login-account').fill(account)
    await this.at('login-password').fill(password)
    await this.at('login-submit').tap()
  }

  /** The first login asks for a PIN. */
  async setPin(pin: string): Promise<void> {
    this.pin = pin
    await this.at('pin-first').fill(pin)
    await this.at('pin-second').fill(pin)
    await this.at('pin-submit').tap()
    await this.at('household').first().waitFor()
  }

  /** The first login on this phone asks who has a PIN for it, once. */
  async enterPin(pin: string): Promise<void> {
    this.pin = pin
    await this.at('pin-enter').fill(pin)
    await this.at('pin-submit').tap()
    await this.at('status').waitFor()
  }

  /** Opens the locked phone. */
  async unlock(pin = this.pin): Promise<void> {
    await this.at('lock-pin').fill(pin)
    await this.at('lock-submit').tap()
  }

  /** Somebody guesses. The waiting times of an hour and more are skipped: what counts is how many it were. */
  async wrongPins(times: number): Promise<void> {
    const key = await this.page.evaluate(() => {
      const { id } = JSON.parse(localStorage.getItem('ruhu.field.me') ?? '{}') as { id: string }
      return `ruhu.field.attempts.${id}`
    })
    for (let n = 0; n < times; n++) {
      await this.page.evaluate((k) => {
        const kept = JSON.parse(localStorage.getItem(k) ?? '{"wrong":0}') as { wrong: number }
        localStorage.setItem(k, JSON.stringify({ ...kept, at: 0 }))
      }, key)
      await this.page.waitForFunction(
        () => !document.querySelector<HTMLButtonElement>('[data-test="lock-submit"]')?.disabled,
      )
      await this.unlock('999999')
      // The last one may have cleared the phone, and the count with it.
      await this.page.waitForFunction(
        ([k, want]) => {
          const { wrong = 0 } = JSON.parse(localStorage.getItem(k) ?? '{}') as { wrong?: number }
          return wrong === want || !localStorage.getItem('ruhu.field.me')
        },
        [key, n + 1] as const,
      )
    }
  }

  /** The app and its engine are on the phone: from now on it opens without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
      if (navigator.serviceWorker.controller) return
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }))
    })
  }

  household(code: string): Locator {
    return this.page.locator(`[data-test="household"][data-code="${code}"]`)
  }

  /** Opens a household's page from the list. */
  async openHousehold(code: string): Promise<void> {
    await this.household(code).tap()
    await this.at('household-page').waitFor()
  }

  async stateIs(code: string, state: string): Promise<void> {
    await is(this.household(code), 'data-state', state)
  }

  question(name: string): Locator {
    return this.page.locator(`[data-test="question"][data-name="${name}"]`)
  }

  /** Waits until the page of this group is open. */
  async onPage(group: string): Promise<void> {
    await expect.poll(() => this.at('page').getAttribute('data-page')).toMatch(new RegExp(`/${group}$`))
  }

  async answer(name: string, value: Answer): Promise<void> {
    const q = this.question(name)
    await q.waitFor()
    const kind = await q.getAttribute('data-kind')
    if (kind === 'one' || kind === 'many') {
      for (const v of [value].flat()) await this.choose(q.locator(`[data-test="choice"][data-value="${v}"]`))
    } else {
      await hook(q, 'answer').fill(String(value))
    }
  }

  /**
   * Taps a choice and sees it chosen. Once, on a very busy machine, a test failed as if a tap had been lost; why is not known. A
   * person would tap again, so this does too, once, and says so.
   */
  private async choose(choice: Locator): Promise<void> {
    const chosen = choice.and(this.page.locator('.on'))
    await choice.tap()
    try {
      await chosen.waitFor({ timeout: 3000 })
    } catch {
      console.warn('a tap on a choice had no effect and is repeated')
      await choice.tap()
      await chosen.waitFor()
    }
  }

  /** Answers the questions of one page and goes on. */
  async fill(group: string, answers: Record<string, Answer>): Promise<void> {
    await this.onPage(group)
    for (const [name, value] of Object.entries(answers)) await this.answer(name, value)
    await this.next()
  }

  next(): Promise<void> {
    return this.at('next').tap()
  }

  /** Nothing on the screen scrolls sideways or is a barrier that axe calls serious. */
  async sound(): Promise<void> {
    expect(await faults(this.page)).toEqual([])
  }

  /** Everything so far is on the disk. */
  saved(): Promise<void> {
    return is(this.at('saved'), 'data-saving', 'saved')
  }

  /** Signs by hand in a question, with a stroke of each hand's own. */
  async sign(question = 'respondent_signature', slant = 0): Promise<void> {
    const at = hook(this.question(question), 'signature')
    const pad = hook(at, 'signature-pad')
    const begin = hook(at, 'signature-begin')
    await begin.or(pad).waitFor()
    if (await begin.isVisible()) await begin.tap()
    await pad.scrollIntoViewIfNeeded()
    const box = await pad.boundingBox()
    if (!box) throw new Error('the signature pad is not on the screen')
    const stroke = async (points: [number, number][]) => {
      const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const)
      if (!first) return
      await this.page.mouse.move(...first)
      await this.page.mouse.down()
      for (const p of rest) await this.page.mouse.move(...p, { steps: 6 })
      await this.page.mouse.up()
    }
    await stroke([[0.2, 0.3], [0.5, 0.25], [0.35, 0.8]]) // prettier-ignore
    await stroke([[0.55, 0.3], [0.8, 0.7 - slant], [0.6, 0.75]]) // prettier-ignore
    await expect.poll(() => at.getAttribute('data-file')).toMatch(/^[0-9a-f]{64}\.png$/)
  }

  async photograph(picture: Buffer): Promise<void> {
    await this.at('photo-file').setInputFiles({ name: 'photo', mimeType: 'image/*', buffer: picture })
    await expect.poll(() => this.at('photo').getAttribute('data-file')).toMatch(/^[0-9a-f]{64}\.jpg$/)
  }

  /** The one who is logged in confirms; the question grows, and what stands below it moves. */
  async confirmOwn(): Promise<void> {
    await hook(this.question('enumerator_1'), 'enumerator-own').tap()
    await hook(this.question('enumerator_1'), 'enumerator-confirmed').waitFor()
  }

  /** The one who is logged in, then the partner by PIN. */
  async confirmBoth(pin: string): Promise<void> {
    await this.confirmOwn()
    await hook(this.question('enumerator_2'), 'enumerator-pin').fill(pin)
    await hook(this.question('enumerator_2'), 'enumerator-partner').tap()
    await hook(this.question('enumerator_2'), 'enumerator-confirmed').waitFor()
  }

  /** Answers the next n questions of the quiz with their first choice. */
  async answerQuiz(n: number): Promise<void> {
    for (let i = 0; i < n; i++) {
      await this.at('choice').first().tap()
      await this.at('quiz-next').tap()
    }
  }

  /** Opens one's own badge from the list. */
  async toBadge(): Promise<void> {
    await this.at('to-me').tap()
    await this.at('to-badge').tap()
    await this.at('badge-code').waitFor()
  }

  /** A picture of the badge on the screen. */
  badge(): Promise<Buffer> {
    return this.at('badge-code').screenshot({ type: 'jpeg', quality: 90 })
  }

  /** The phone runs out of memory in the middle of the work; its owner opens the app again, which asks for the PIN. */
  async dieAndReopen(): Promise<void> {
    await kill(this.page)
    this.page = await this.context.newPage()
    await this.page.goto(this.base + '/field/')
    await this.unlock()
  }

  /**
   * Since Chromium 148 a page that was opened without a network is not told that there is none, and so hears no `online` later; it
   * hears both when the network goes away once more.
   */
  async online(on: boolean): Promise<void> {
    if (on) await this.context.setOffline(false)
    await this.context.setOffline(true)
    if (on) await this.context.setOffline(false)
  }

  /** What the server says it has received of a form, on the household's page. */
  async receiptOf(revision: number): Promise<void> {
    const receipt = this.page.locator(`[data-test="receipt"][data-revision="${revision}"]`)
    await shows(receipt, `第 ${revision} 版`)
    expect(await receipt.first().getAttribute('data-digest')).toMatch(/^[0-9a-f]{64}$/)
  }
}
