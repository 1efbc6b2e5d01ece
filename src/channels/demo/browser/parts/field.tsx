interface FieldProps {
  label: string
  button: string
  /** What stands in it at first; another one replaces what was typed. */
  given?: string
  name: string
  mode?: "text" | "numeric" | "decimal"
  isCode?: boolean
  submit(value: string): void
}

/** One line to fill in, with its button. */
export function Field({ label, button, given = "", name, mode = "text", isCode = false, submit }: FieldProps) {
  return (
    <form
      class="field"
      onSubmit={(event: Event) => {
        event.preventDefault()
        const input = (event.currentTarget as HTMLFormElement).elements.namedItem(name) as HTMLInputElement
        if (input.value.trim() !== "") submit(input.value.trim())
      }}
    >
      <label for={`field-${name}`}>{label}</label>
      <div>
        <input
          key={given}
          id={`field-${name}`}
          name={name}
          defaultValue={given}
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
