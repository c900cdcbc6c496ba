"""The content policy in a real browser: what a page is given from outside does nothing.

That no page of ours breaks the policy is heard by every browser test: a violation is a fault there.
"""

from playwright.sync_api import expect

from tests.e2e.browsing import House
from tests.e2e.pages import resident

FOREIGN = """async () => {
  const script = document.createElement('script')
  script.textContent = 'window.foreign = true'
  document.body.append(script)
  const style = document.createElement('style')
  style.textContent = 'body { display: none }'
  document.head.append(style)
  const words = '<b id=b style="color: red" onclick="window.foreign = true">x</b>'
  document.body.insertAdjacentHTML('beforeend', words)
  document.getElementById('b').click()
  setTimeout('window.foreign = true', 0)
  await new Promise((later) => setTimeout(later, 50))
  return [window.foreign === true, getComputedStyle(document.body).display === 'none']
}"""


def test_what_is_written_into_a_page_from_outside_does_nothing(house: House) -> None:
    """Script, style, handler and eval; and the ear of the browser tests hears each attempt."""
    page = resident(house).seat.page
    page.goto(f"{house.origin}/r")
    expect(page.get_by_role("link", name="我要反映")).to_be_visible()
    assert house.watch.faults == []

    assert page.evaluate(FOREIGN) == [False, False]

    heard = [fault for fault in house.watch.faults if "Content Security Policy" in fault]
    for kind in ("inline script", "inline style", "inline event handler", "unsafe-eval"):
        assert any(kind in fault for fault in heard), (kind, heard)
    # These were the test's own doing.
    house.watch.faults[:] = [fault for fault in house.watch.faults if fault not in heard]
