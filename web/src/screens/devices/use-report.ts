/** A chosen file, what the server would do with it, and doing it: the state of the wizards that read files. */
import { useState } from 'react'

interface FileReport<R> {
  file: File | null
  report: R | null
  error: Error | null
  /** While the server reads the file. */
  busy: boolean
  /** Take a file and ask what it would do. */
  choose: (file: File) => void
  /** Do what the report says. */
  apply: () => void
}

/** `ask` sends the file, for good where `apply`; `onApplied` follows when that is done. What fails is shown as `error`. */
export function useReport<R>(ask: (file: File, apply: boolean) => Promise<R>, onApplied: (report: R) => void): FileReport<R> {
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<R | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async (chosen: File, apply: boolean): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const found = await ask(chosen, apply)
      setReport(found)
      if (apply) onApplied(found)
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
    } finally {
      setBusy(false)
    }
  }
  return {
    file,
    report,
    error,
    busy,
    choose: (chosen) => {
      setFile(chosen)
      setReport(null)
      void run(chosen, false)
    },
    apply: () => {
      if (file) void run(file, true)
    },
  }
}
