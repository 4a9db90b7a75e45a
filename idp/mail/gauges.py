"""The outbox in figures."""

from sqlalchemy import text

from idp.metrics import Counted

# Each part reads a partial index that holds nothing but these rows.
OUTBOX = Counted(
    text(
        """
        SELECT (SELECT count(*) FROM mails
                 WHERE sent_at IS NULL AND failed_at IS NULL) AS mails_waiting,
               coalesce((SELECT greatest(extract(epoch FROM :at - min(created_at)), 0) FROM mails
                          WHERE sent_at IS NULL AND failed_at IS NULL), 0) AS mails_oldest_seconds,
               (SELECT count(*) FROM mails WHERE failed_at IS NOT NULL) AS mails_failed
        """
    ),
    {
        "mails_waiting": "Mails in the outbox that have not left",
        "mails_oldest_seconds": "Age of the oldest of them",
        "mails_failed": "Mails given up",
    },
)
