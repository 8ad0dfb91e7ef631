import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { DESK, open, type Complaints } from './browser'
import { hook, is, shows } from './see'
import { PASSWORD } from './server'

/** Somebody at the console. */
export class Desk {
  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly complaints: Complaints,
    readonly base: string,
  ) {}

  /** Opens a browser of their own and logs in through the screen. */
  static async login(
    browser: Browser,
    base: string,
    account: string,
    password = PASSWORD,
    options: BrowserContextOptions = DESK,
  ): Promise<Desk> {
    const { context, complaints } = await open(browser, options)
    const page = await context.newPage()
    await page.goto(base + '/')
    await hook(page, 'login-account').fill(account)
    await hook(page, 'login-password').fill(password)
    await hook(page, 'login-submit').click()
    await hook(page, 'me-link').waitFor({ state: 'attached' })
    return new Desk(page, context, complaints, base)
  }

  /** The same person at another page of their browser. */
  on(page: Page): Desk {
    return new Desk(page, this.context, this.complaints, this.base)
  }

  at(name: string): Locator {
    return hook(this.page, name)
  }

  /** Opens a screen from the menu at the side, or from the drawer on a narrow screen. */
  async go(menu: string): Promise<void> {
    const side = this.page.locator(`.shell-side [data-test="menu-${menu}"]`)
    if (await side.isVisible()) return side.click()
    await this.at('menu-open').click()
    await this.page.locator(`.el-drawer [data-test="menu-${menu}"]`).click()
  }

  /** The rows of a list, those that contain a text. */
  row(test: string, text?: string): Locator {
    const rows = this.at(test)
    return text === undefined ? rows : rows.filter({ hasText: text })
  }

  /** Opens a form from the review queue by the head of its household. */
  async openForm(head: string): Promise<void> {
    await this.go('submissions')
    await this.row('submission-row', head).getByRole('link').click()
    await shows(this.at('page-title'), head)
  }

  /** Opens a problem from the ledger by its title. */
  async openProblem(title: string): Promise<void> {
    await this.go('problems')
    await this.row('problem-row', title).getByRole('link').click()
    await shows(this.at('page-title'), title)
  }

  async problemIs(state: string): Promise<void> {
    await is(this.at('problem-state'), 'data-state', state)
  }

  async formIs(state: string): Promise<void> {
    await is(this.at('submission-state'), 'data-state', state)
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
