"""Emergency 应急: incidents and drills from the alert to the closing report, plans, resources."""
