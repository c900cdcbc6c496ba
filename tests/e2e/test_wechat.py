"""Inside WeChat: no service worker, no microphone, no clipboard; a voice is still heard."""

from playwright.sync_api import FilePayload, expect

from tests.e2e.browsing import House
from tests.e2e.pages import Resident, at_desk
from tests.files.shapes import wav

WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; V1932A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/87.0.4280.141 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.40 WeChat/arm64"
)
# What its pages lack, or must not use.
LACKS = """
delete Navigator.prototype.serviceWorker
delete Navigator.prototype.clipboard
delete Navigator.prototype.locks
Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined })
"""
SAID = "三号楼二单元的门禁坏了，关不上，晚上谁都能进来。"


def test_a_voice_from_wechat_is_written_down_at_the_desk(house: House) -> None:
    """He says it and types nothing; the desk listens, writes, and he reads what was written.

    Seen red with what was only spoken left off the desk's list.
    """
    person = Resident(house.resident(user_agent=WECHAT))
    page = person.seat.page
    page.add_init_script(LACKS)
    person.seat.open("/r/report")
    voice: FilePayload = {"name": "voice.wav", "mimeType": "audio/wav", "buffer": wav()}
    page.locator("input[type=file][accept='audio/*']").set_input_files([voice])
    expect(page.locator(".photo-picker li.kept")).to_have_count(1)
    person.names_the_garage()
    person.sends()
    page.get_by_role("button", name="复制查询码").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()

    desk = at_desk(house, "郑洁")
    desk.queue("听音转写")
    desk.rows().first.click()
    box = desk.pane.locator(".hear")
    expect(box.locator("audio")).to_have_count(1)
    box.get_by_label("他说了什么").fill(SAID)
    box.get_by_role("button", name="写好了").click()
    expect(box).to_have_count(0)
    expect(desk.pane.get_by_role("heading", level=2)).to_contain_text(SAID[:10])
    person.looks()
    expect(page.get_by_text(SAID)).to_be_visible()
