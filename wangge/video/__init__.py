"""Video sites 视频点位: a link or one still of the owner's camera, each look in a register.

Nothing is recorded, analysed or recognised here, and no picture is kept but what a person keeps
for a case with a reason.
"""
