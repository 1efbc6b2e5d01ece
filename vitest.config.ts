import { defineConfig } from "vitest/config"

/**
 * Three groups, one after the other, since two cores carry one heavy run at a time:
 * `counter` needs Postgres only, and each of its files has a database of its own, so they run side by side;
 * `medusa` has two Medusas, each with its database, for which file comes after file (`theMedusa`); `boot` starts the whole
 * shop as a person does, one at a time, since that takes both cores.
 */
const group = (name: string, order: number, include: string[], more: object) => ({
  test: {
    name,
    include,
    sequence: { groupOrder: order },
    testTimeout: 60_000,
    hookTimeout: 300_000,
    pool: "forks" as const,
    ...more,
  },
})

const withMedusa = [
  "test/differential/**/*.test.ts",
  "test/clients/**/*.test.ts",
  "test/channels/passthrough/**/*.test.ts",
]
const boot = ["test/boot/**/*.test.ts"]

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...group("counter", 0, ["test/**/*.test.ts"], { maxWorkers: 2 }).test,
          exclude: [...withMedusa, ...boot, "test/browser/**", "test/support/**"],
          globalSetup: ["test/support/setup-postgres.ts"],
        },
      },
      group("medusa", 1, withMedusa, {
        maxWorkers: 2,
        globalSetup: ["test/support/setup-postgres.ts", "test/support/setup-medusa.ts"],
      }),
      group("boot", 2, boot, {
        fileParallelism: false,
        testTimeout: 240_000,
        globalSetup: ["test/support/setup-postgres.ts"],
      }),
    ],
  },
})
