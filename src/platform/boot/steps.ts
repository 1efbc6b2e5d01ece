import ora, { type Ora } from "ora"

/** The screen of a start: one line a step, with what it is doing and, at its end, how long it took. */
export interface Steps {
  /**
   * Shows a step while `work` runs.
   *
   * @param work  may tell what it is at; may answer the text of the line that stays
   */
  run<T>(text: string, work: (tell: (detail: string) => void) => Promise<T>, done?: (result: T) => string): Promise<T>
  /** Shows a line of text, above a running step. */
  say(text: string): void
}

/** On a terminal a spinner that turns; elsewhere (a log, CI) plain lines. */
export function createSteps(output: NodeJS.WriteStream = process.stdout): Steps {
  const terminal = output.isTTY === true
  let current: Ora | undefined
  return {
    async run(text, work, done) {
      const begin = performance.now()
      const spinner = terminal ? ora({ text, stream: output, discardStdin: false }).start() : undefined
      current = spinner
      try {
        const result = await work((detail) => {
          if (spinner) spinner.text = `${text}: ${detail}`.slice(0, (output.columns ?? 80) - 4)
        })
        const line = `${done?.(result) ?? text} (${seconds(performance.now() - begin)})`
        if (spinner) spinner.succeed(line)
        else output.write(`✔ ${line}\n`)
        return result
      } catch (error) {
        if (spinner) spinner.fail(text)
        else output.write(`✖ ${text}\n`)
        throw error
      } finally {
        if (current === spinner) current = undefined
      }
    },
    say(text) {
      current?.clear()
      output.write(`${text}\n`)
      current?.render()
    },
  }
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
