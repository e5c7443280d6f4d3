const park = document.getElementById('park')
const output = document.getElementById('picked')
let picked = null

park.addEventListener('pick', ({ detail }) => {
  picked = detail
  output.textContent = detail ? `${detail.name} · ${detail.class} · ${detail.gid}` : '—'
  park.viewer.select(detail ? [detail.state] : [])
})
park.addEventListener('error', ({ detail }) => (output.textContent = `${detail?.code}: ${detail?.message}`))
document.getElementById('home').onclick = () => park.viewer.home()
document.getElementById('night').onclick = () => park.setAttribute('theme', park.getAttribute('theme') === 'night' ? 'day' : 'night')
document.getElementById('red').onclick = () => picked && park.viewer.state.color([picked.state], 0xff4d4f)
