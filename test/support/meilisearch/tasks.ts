import { setTimeout as wait } from "node:timers/promises"
import { ApiError, type ErrorBody, refuseUnknown } from "./errors.ts"

/** @source https://www.meilisearch.com/docs/reference/api/tasks */
export interface Task {
  uid: number
  batchUid: number | null
  indexUid: string | null
  status: "enqueued" | "processing" | "succeeded" | "failed" | "canceled"
  type: string
  canceledBy: null
  details: Record<string, unknown>
  error: ErrorBody | null
  duration: string | null
  enqueuedAt: string
  startedAt: string | null
  finishedAt: string | null
}

/** What went wrong with tasks on purpose, for tests. */
export interface TaskFaults {
  /** How many of the next tasks fail, of which types; all when empty. */
  failNextTasks: number
  failTypes: string[]
  /** While true no task begins. */
  holdTasks: boolean
  /** How long each takes. */
  taskMilliseconds: number
}

const now = () => new Date().toISOString()

/** One queue for all indexes, worked off in order, some time after it was asked for. */
export function createTasks(faults: TaskFaults) {
  const tasks: Task[] = []
  const work = new Map<number, () => Record<string, unknown> | undefined>()
  let running = false

  async function run(): Promise<void> {
    for (;;) {
      while (faults.holdTasks) await wait(5)
      const task = tasks.find((it) => it.status === "enqueued")
      if (!task) return
      Object.assign(task, { status: "processing", startedAt: now(), batchUid: task.uid })
      await wait(faults.taskMilliseconds)
      try {
        if (faults.failNextTasks > 0 && (faults.failTypes.length === 0 || faults.failTypes.includes(task.type))) {
          faults.failNextTasks--
          throw new ApiError("internal", "An internal error has occurred. `Input/output error`.")
        }
        Object.assign(task.details, work.get(task.uid)?.())
        task.status = "succeeded"
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        task.status = "failed"
        task.error = error.body
      }
      work.delete(task.uid)
      Object.assign(task, { finishedAt: now(), duration: `PT${faults.taskMilliseconds / 1000}S` })
    }
  }

  return {
    /** @param apply  what it does when its turn has come; an ApiError fails it */
    enqueue(
      type: string,
      indexUid: string | null,
      details: Task["details"],
      apply: () => Record<string, unknown> | undefined,
    ) {
      const task: Task = {
        uid: tasks.length,
        batchUid: null,
        indexUid,
        status: "enqueued",
        type,
        canceledBy: null,
        details,
        error: null,
        duration: null,
        enqueuedAt: now(),
        startedAt: null,
        finishedAt: null,
      }
      tasks.push(task)
      work.set(task.uid, apply)
      if (!running) {
        running = true
        void run().finally(() => {
          running = false
        })
      }
      return { taskUid: task.uid, indexUid, status: "enqueued", type, enqueuedAt: task.enqueuedAt }
    },
    get(uid: string): Task {
      const task = tasks[Number(uid)]
      if (!task) throw new ApiError("task_not_found", `Task \`${uid}\` not found.`)
      return task
    },
    /** @param mayRead  the key's indexes */
    list(query: URLSearchParams, mayRead: (index: string | null) => boolean) {
      const known = ["limit", "from", "reverse", "uids", "batchUids", "statuses", "types", "indexUids", "canceledBy"]
      refuseUnknown(Object.fromEntries(query), known)
      const limit = Number(query.get("limit") ?? 20)
      const among = (name: string, value: unknown) =>
        !query.has(name) || query.get(name) === "*" || query.get(name)?.split(",").includes(String(value))
      const found = tasks
        .filter((it) => mayRead(it.indexUid) && among("uids", it.uid) && among("statuses", it.status))
        .filter((it) => among("types", it.type) && (!query.has("indexUids") || among("indexUids", it.indexUid)))
        .reverse()
        .filter((it) => !query.has("from") || it.uid <= Number(query.get("from")))
      const results = found.slice(0, limit)
      const next = found[limit]?.uid ?? null
      return { results, total: found.length, limit, from: results[0]?.uid ?? null, next }
    },
    /** In the history every mention of one index becomes the other; what is enqueued stays. */
    swapHistory(a: string, b: string) {
      for (const task of tasks) {
        if (task.status === "enqueued") continue
        if (task.indexUid === a) task.indexUid = b
        else if (task.indexUid === b) task.indexUid = a
      }
    },
    all: tasks,
  }
}
export type Tasks = ReturnType<typeof createTasks>
