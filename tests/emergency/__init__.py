"""Incidents and drills: from the alert to the closing report."""
