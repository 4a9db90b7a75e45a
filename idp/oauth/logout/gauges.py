"""What applications have not been told yet."""

from sqlalchemy import text

from idp.metrics import Counted

NOTICES = Counted(
    text(
        """
        SELECT count(*) AS logout_notices_waiting,
               coalesce(greatest(extract(epoch FROM :at - min(created_at)), 0), 0)
                   AS logout_notices_oldest_seconds
          FROM logout_notices
        """
    ),
    {
        "logout_notices_waiting": "Ended sessions not yet told to applications",
        "logout_notices_oldest_seconds": "Age of the oldest of them",
    },
)
