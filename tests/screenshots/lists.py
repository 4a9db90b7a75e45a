"""The pages on which somebody with many installations chooses them by a file."""

from playwright.sync_api import FilePayload

from demo import people
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in

FIRST = 3_002_000_000  # of Ana's
LIST = "\n".join(
    [*(str(FIRST + number) for number in range(60)), str(FIRST + 1), "77", "3,002E+09"]
)


def ana(person: Photographer) -> None:
    """Ana chooses one, and the rest by a list that has problems."""
    sign_in(person, people.ANA)
    person.go("/invitations/new")
    while not person.page.locator("#upload").count():
        for answer in ("aware", "segment", "choice=chosen"):
            name = answer.partition("=")[0]
            if person.page.locator(f"[name={name}]").count():
                person.tick(answer)
        person.press()
    person.page.locator("[name=installations]").first.check()
    person.press("[name=action][value=search]")
    person.press("#upload", "upload")
    person.press("#upload-submit", "upload-errors")
    person.page.set_input_files(
        "[name=file]", FilePayload(name="list.csv", mimeType="text/csv", buffer=LIST.encode())
    )
    person.press("#upload-submit")
    person.page.locator("#upload-choose").wait_for()
    person.shoot("uploaded")
    person.press("#upload-choose", "uploaded-errors")
