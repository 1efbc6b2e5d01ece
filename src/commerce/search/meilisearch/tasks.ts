import { setTimeout as wait } from "node:timers/promises"
import type { EnqueuedTask, Meilisearch, Task } from "meilisearch"

/** A task came to a bad end. */
export class TaskFailed extends Error {
  constructor(readonly task: Pick<Task, "uid" | "type" | "status" | "error">) {
    super(
      `Meilisearch's task ${task.uid} (${task.type}) has ${task.status}: ${task.error?.message ?? "no reason given"}`,
    )
  }
  /** Whether it would fail the same way again. */
  get isOurMistake(): boolean {
    return this.task.error?.type === "invalid_request"
  }
}

const FIRST_MILLISECONDS = 10
const LONGEST_MILLISECONDS = 1_000

/**
 * Follows a task to its end, asking ever less often. There is no deadline: how long a task waits for its turn says
 * nothing about whether it will be done. What fails while asking is the caller's to try again.
 *
 * @throws TaskFailed when it failed or was cancelled
 * @source https://www.meilisearch.com/docs/reference/api/tasks
 */
export async function follow(
  client: Meilisearch,
  task: Pick<EnqueuedTask, "taskUid">,
  signal?: AbortSignal,
): Promise<Task> {
  for (let pause = FIRST_MILLISECONDS; ; pause = Math.min(pause * 1.6, LONGEST_MILLISECONDS)) {
    const found = await client.tasks.getTask(task.taskUid, signal ? { signal } : undefined)
    if (found.status === "succeeded") return found
    if (found.status === "failed" || found.status === "canceled") throw new TaskFailed(found)
    await wait(pause, undefined, signal ? { signal } : undefined)
  }
}
