import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PASSWORD, PROGRAM } from '../harness/server'

/** The built program, on one port and one folder through any number of deaths. */
export class Mortal {
  private child: ChildProcess | null = null
  private waiting: Promise<void> | null = null
  deaths = 0
  log = ''

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<Mortal> {
    const m = new Mortal(await mkdtemp(join(tmpdir(), 'ruhu-faults-')), await freePort())
    await m.up()
    return m
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it when it is down; resolves when it answers. */
  async up(): Promise<void> {
    if (this.waiting) return this.waiting
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) return
    this.waiting = this.launch().finally(() => (this.waiting = null))
    return this.waiting
  }

  private async launch(): Promise<void> {
    const args = [
      'serve',
      '--data',
      join(this.folder, 'data'),
      '--addr',
      `127.0.0.1:${this.port}`,
      '--log-level',
      'warn',
    ]
    const child = spawn(PROGRAM, args, {
      env: { ...process.env, RUHU_ADMIN_PASSWORD: PASSWORD },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    await new Promise<void>((done, fail) => {
      const seen = (b: Buffer): void => {
        this.log = (this.log + b.toString()).slice(-20_000)
        if (/ruhu http:/.test(this.log)) done()
      }
      this.log = ''
      child.stdout.on('data', seen)
      child.stderr.on('data', seen)
      child.once('error', fail)
      child.once('exit', (code, signal) => fail(new Error(`ended with ${code ?? signal}:\n${this.log}`)))
    })
  }

  /** kill -9: nothing is flushed, closed or said. */
  async kill(): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await gone
    this.deaths++
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const s = createServer()
    s.once('error', fail)
    s.listen(0, '127.0.0.1', () => {
      const a = s.address()
      const port = typeof a === 'object' && a ? a.port : 0
      s.close(() => done(port))
    })
  })
}
