"""The pages on which somebody lets a screen in, and confirms a call."""

from demo import people
from tests.journeys.channels import begin_call, begin_device
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in


def marta(person: Photographer) -> None:
    """Before a screen in a shop, then on the telephone, then called by somebody else."""
    sign_in(person, people.MARTA)
    person.go("/device", "device")
    person.press("#device-submit", "device-errors")
    for button, name in (("allow", "device-allowed"), ("deny", "device-denied")):
        code = begin_device(person.ports)["user_code"]
        person.go(f"/device?user_code={code}", "device-approval" if button == "allow" else "")
        person.press(f"#device-{button}", name)
    for button, name in (("allow", "call-allowed"), ("deny", "call-denied")):
        begin_call(person.ports, people.MARTA.email, "LUZ 4711")
        person.go("/installations", "call-waiting" if button == "allow" else "")
        address = person.path_of(".notice a[href*='/approvals/']")
        person.go(address, "call-approval" if button == "allow" else "")
        person.press(f"#approval-{button}", name)
