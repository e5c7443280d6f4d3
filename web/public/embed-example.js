const park = document.getElementById('park')
const output = document.getElementById('picked')
let picked = null

park.addEventListener('pick', ({ detail }) => {
  picked = detail
  output.textContent = detail ? `${detail.name} · ${detail.class} · ${detail.gid}` : '—'
  park.select(detail ? [detail.gid] : [])
})
park.addEventListener('error', ({ detail }) => (output.textContent = `${detail.code}: ${detail.message}`))
document.getElementById('home').onclick = () => park.flyTo({ view: 'home' })
document.getElementById('night').onclick = () => park.setAttribute('theme', park.getAttribute('theme') === 'night' ? 'day' : 'night')
document.getElementById('red').onclick = () => picked && park.colour(picked.gid, '#ff4d4f')
