import { useEffect, useRef } from "hono/jsx/dom"

interface FieldProps {
  label: string
  button: string
  /** What is filled in for whoever stands here; another one replaces it. */
  given?: string
  name: string
  mode?: "text" | "numeric" | "decimal"
  isCode?: boolean
  submit(value: string): void
}

/** One line to fill in, with its button. What is typed is the field's own until it is sent. */
export function Field({ label, button, given = "", name, mode = "text", isCode = false, submit }: FieldProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.value = given
  }, [given])
  function send(event: Event): void {
    event.preventDefault()
    const value = input.current?.value.trim() ?? ""
    if (value === "") return
    submit(value)
    // It is good once.
    if (isCode && input.current) input.current.value = ""
  }
  return (
    <form class="field" onSubmit={send}>
      <label for={`field-${name}`}>{label}</label>
      <div>
        <input
          ref={input}
          id={`field-${name}`}
          name={name}
          inputMode={mode}
          class={isCode ? "code" : ""}
          autocomplete="off"
          spellcheck={false}
        />
        <button type="submit">{button}</button>
      </div>
    </form>
  )
}
