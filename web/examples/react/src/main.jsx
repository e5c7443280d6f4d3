import { useEffect, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { server, token } from '../../settings.js'
import '../../style.css'

/** React 19 sets attributes of custom elements and listens to their events by `on…` as they are named. */
function Park({ layer, onPicked }) {
  const park = useRef(null)
  const [trouble, setTrouble] = useState(null)
  useEffect(() => {
    // The element may stand in the page before it is defined.
    import(/* @vite-ignore */ `${server}/embed/park-viewer.js`).catch(() => setTrouble({ code: 'unreachable', message: `${server} does not answer.` }))
  }, [])
  const pick = ({ detail }) => {
    onPicked(detail)
    park.current.select(detail ? [detail.gid] : []).catch(setTrouble)
  }
  return (
    <>
      <park-viewer ref={park} src={server} token={token || undefined} layer={layer || undefined} onpick={pick} onerror={({ detail }) => setTrouble(detail)} />
      {trouble && <p role="alert">{`${trouble.code}: ${trouble.message}`}</p>}
    </>
  )
}

function App() {
  const [picked, setPicked] = useState(null)
  const [layer, setLayer] = useState('')
  return (
    <>
      <h1>React</h1>
      <Park layer={layer} onPicked={setPicked} />
      <label>
        图层 Layer <input value={layer} onChange={(event) => setLayer(event.target.value)} />
      </label>
      <pre id="card">{picked ? JSON.stringify(picked, null, 1) : '点击一个构件。Click an object.'}</pre>
    </>
  )
}

createRoot(document.getElementById('root')).render(<App />)
