import { type DestinationStream, destination, type Logger, pino } from "pino"

export type Log = Logger

/**
 * JSON lines with level, time and message. What identifies a person or opens a door (names, addresses, e-mails,
 * tokens, cookies, raw paths with ids in them) is not written: callers log routes and counts.
 *
 * @param level  pino's level, or "silent"
 * @param file   path of a file to append to; standard output when absent
 */
export function createLog(level: string, file?: string): Log {
  const to: DestinationStream = file
    ? destination({ dest: file, mkdir: true, sync: false })
    : destination({ sync: false })
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  )
}
